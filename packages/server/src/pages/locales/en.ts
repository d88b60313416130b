import type { Messages } from './messages.ts'

export const en: Messages = {
  problem: 'Problem',
  needHelp: 'Need help?',
  contactSupport: 'Contact support',
  application: 'Application',
  opensInNewTab: 'opens in a new tab',
  login: {
    title: (application) => `Log in to continue to ${application}`,
    toAccount: 'Log in to your account',
    username: 'Email or username',
    password: 'Password',
    submit: 'Log in',
    problems: {
      wrong_credentials: 'The username or the password is wrong. Check both and try again.',
      too_many_attempts: 'Too many attempts. Wait a few minutes, then try again.',
      blocked:
        'This account is blocked. If we sent you an email about it, follow the link in it. Otherwise contact support.',
      missing_credentials: 'Enter your username and your password.',
      too_busy: 'Many people are logging in at this moment. Wait a few seconds, then try again.',
      expired_form: 'This page was open for too long. Please log in again.',
    },
  },
  consent: {
    title: (application) => `${application} is asking for access`,
    asksForApi: (application, api) => `${application} would like to use ${api} in your name.`,
    asksForIdentity: (application) => `${application} would like to know who you are.`,
    firstParty: (tenant) => `An application by ${tenant}`,
    thirdParty: (tenant) => `Not operated by ${tenant}`,
    loggedInAs: 'You are logged in as',
    notYou: 'Not you?',
    permissions: 'What it may do',
    choose: 'Clear what you do not want to allow.',
    required: 'always needed',
    sentTo: 'Your answer is sent to',
    policy: 'Privacy policy',
    terms: 'Terms of service',
    accept: 'Allow',
    deny: 'Decline',
    scopes: {
      openid: 'Recognise you when you log in again',
      profile: 'See your name, picture and other profile details',
      email: 'See your email address',
      address: 'See your postal address',
      phone: 'See your phone number',
      offline_access: 'Keep this access while you are not using the application',
    },
  },
  error: {
    kinds: {
      authorization_request: {
        title: 'This request could not be accepted',
        text: 'The application sent us a request that we cannot answer. You did nothing wrong: go back to the application and try again. If it happens again, tell the people who run the application.',
      },
      logout_request: {
        title: 'This logout could not be accepted',
        text: 'The application sent us a logout request that we cannot answer. Go back to the application, or close this page.',
      },
      expired_transaction: {
        title: 'This page has expired',
        text: 'It was open for too long, or it was used already. Go back to the application and start again.',
      },
      not_found: {
        title: 'There is nothing here',
        text: 'The address may be mistyped, or the link may be too old. Go back to the application and try again.',
      },
      too_many_requests: {
        title: 'One moment, please',
        text: 'There were too many requests in a short time. Wait a minute, then try again.',
      },
      server_error: {
        title: 'Something went wrong on our side',
        text: 'It was not your fault. Go back to the application and try again in a moment.',
      },
      forbidden_form: {
        title: 'This form is no longer valid',
        text: 'For your safety we only accept a form that we showed you ourselves. Go back to the application and start again.',
      },
    },
    forDevelopers: 'For developers',
    code: 'Error',
    description: 'What happened',
    clause: 'Rule',
    help: 'What to do',
    requestId: 'Request ID',
  },
  setup: {
    title: 'Create the first administrator',
    text: (tenant) => `${tenant} is running. Choose the account that looks after it.`,
    email: 'Email',
    password: 'Password',
    passwordHint: 'At least 12 characters. A few random words are easy to remember and hard to guess.',
    passwordAgain: 'Password again',
    submit: 'Create administrator',
    problems: {
      invalid_email: 'This is not an email address. Check it and try again.',
      weak_password: 'This password is too easy to guess. Choose a longer one.',
      passwords_differ: 'The two passwords are not the same. Type them again.',
    },
  },
  device: {
    title: 'Connect a device',
    text: 'Enter the code that your device shows.',
    code: 'Code of the device',
    codeHint: 'Capitals, hyphens and spaces do not matter.',
    submit: 'Continue',
    shows: 'Your device must show this code',
    warning:
      'Only go on if you started this yourself and have the device before you. If somebody sent you a link or a code, stop here.',
    problems: {
      unknown_code: 'This code is not known, or it is no longer valid. Compare it with your device.',
      too_many_attempts: 'Too many attempts. Wait a few minutes, then try again.',
      expired_form: 'This page was open for too long. Please enter the code again.',
    },
  },
  home: {
    title: 'This is a login server',
    text: (tenant) =>
      `${tenant} uses it to log people in to its applications. To log in, open the application that you want to use.`,
    applications: 'See which applications may act in your name',
    developers: 'Developers find everything in',
  },
  unblock: {
    title: 'Open your account again?',
    text: 'Somebody tried to log in to your account with wrong passwords. If it was you, you can try again at once.',
    submit: 'Open my account',
  },
  logout: {
    title: 'Log out?',
    text: (user) => `You are logged in as ${user}. Logging out ends your session for every application.`,
    submit: 'Log out',
    stay: 'Stay logged in',
  },
  loggedOut: {
    title: 'You are logged out',
    text: 'You can close this page now.',
    goingOn: 'In a moment you go back to the application.',
    goOn: 'Back to the application',
  },
  applications: {
    title: 'Applications with access',
    text: 'These applications may act in your name or know who you are. Remove the ones that you no longer use.',
    none: 'No application has access to your account.',
    identity: 'Your profile',
    allowedOn: (date) => `Allowed on ${date}`,
    staysConnected: 'Stays connected while you are away',
    revoke: (application) => `Remove access of ${application}`,
    effect: (application) => `${application} has to ask you again before it gets anything new.`,
    delay: (duration) =>
      `With an API that does not ask us, applications may keep working for up to ${duration}.`,
    confirm: 'Remove access',
    removed: (application) => `${application} has no access any more.`,
  },
  formPost: {
    title: 'Back to the application',
    text: 'Your answer is ready. Send it to the application to go on.',
    submit: 'Continue',
  },
  message: {
    setup_done: {
      title: 'All set',
      text: 'The administrator has been created. Next, describe your first application in a tenant file and bring it in with the command “valetkey apply tenant.yaml”.',
    },
    account_unblocked: {
      title: 'Your account is open again',
      text: 'Go back to the application and log in.',
    },
    setup_link_invalid: {
      title: 'This link is no longer valid',
      text: 'It was used already, it is too old, or a newer one was made. If there is no administrator yet, restart the server for a new link.',
    },
    link_invalid: {
      title: 'This link is no longer valid',
      text: 'It was used already, or it is too old. Go back to the application and ask for a new one.',
    },
    device_connected: {
      title: 'Your device is connected',
      text: 'You can close this page and go on at the device.',
    },
    device_declined: {
      title: 'The device was not connected',
      text: 'It gets no access. You can close this page.',
    },
    still_logged_in: {
      title: 'You are still logged in',
      text: 'Nothing was changed. You can close this page.',
    },
  },
}

import type { Messages } from './messages.ts'

export const fr: Messages = {
  problem: 'Problème',
  needHelp: 'Besoin d’aide ?',
  contactSupport: 'Contacter l’assistance',
  application: 'Application',
  opensInNewTab: 's’ouvre dans un nouvel onglet',
  login: {
    title: (application) => `Connectez-vous pour continuer vers ${application}`,
    toAccount: 'Connectez-vous à votre compte',
    username: 'Adresse e-mail ou nom d’utilisateur',
    password: 'Mot de passe',
    submit: 'Se connecter',
    problems: {
      wrong_credentials:
        'Le nom d’utilisateur ou le mot de passe est incorrect. Vérifiez les deux et réessayez.',
      too_many_attempts: 'Trop de tentatives. Patientez quelques minutes, puis réessayez.',
      blocked:
        'Ce compte est bloqué. Si nous vous avons envoyé un e-mail à ce sujet, suivez le lien qu’il contient. Sinon, contactez l’assistance.',
      missing_credentials: 'Saisissez votre nom d’utilisateur et votre mot de passe.',
      too_busy:
        'De nombreuses personnes se connectent en ce moment. Patientez quelques secondes, puis réessayez.',
      expired_form: 'Cette page est restée ouverte trop longtemps. Veuillez vous reconnecter.',
    },
  },
  consent: {
    title: (application) => `${application} demande un accès`,
    asksForApi: (application, api) => `${application} souhaite utiliser ${api} en votre nom.`,
    asksForIdentity: (application) => `${application} souhaite savoir qui vous êtes.`,
    firstParty: (tenant) => `Une application de ${tenant}`,
    thirdParty: (tenant) => `Application non exploitée par ${tenant}`,
    loggedInAs: 'Vous êtes connecté en tant que',
    notYou: 'Ce n’est pas vous ?',
    permissions: 'Ce qu’elle pourra faire',
    choose: 'Décochez ce que vous ne voulez pas autoriser.',
    required: 'toujours nécessaire',
    sentTo: 'Votre réponse est envoyée à',
    policy: 'Politique de confidentialité',
    terms: 'Conditions d’utilisation',
    accept: 'Autoriser',
    deny: 'Refuser',
    scopes: {
      openid: 'Vous reconnaître lors de votre prochaine connexion',
      profile: 'Voir votre nom, votre photo et d’autres éléments de votre profil',
      email: 'Voir votre adresse e-mail',
      address: 'Voir votre adresse postale',
      phone: 'Voir votre numéro de téléphone',
      offline_access: 'Conserver cet accès lorsque vous n’utilisez pas l’application',
    },
  },
  error: {
    kinds: {
      authorization_request: {
        title: 'Cette demande n’a pas pu être acceptée',
        text: 'L’application nous a envoyé une demande à laquelle nous ne pouvons pas répondre. Vous n’y êtes pour rien : revenez à l’application et réessayez. Si cela se reproduit, prévenez les personnes qui gèrent l’application.',
      },
      logout_request: {
        title: 'Cette déconnexion n’a pas pu être acceptée',
        text: 'L’application nous a envoyé une demande de déconnexion à laquelle nous ne pouvons pas répondre. Retournez à l’application ou fermez cette page.',
      },
      expired_transaction: {
        title: 'Cette page a expiré',
        text: 'Elle est restée ouverte trop longtemps ou a déjà été utilisée. Revenez à l’application et recommencez.',
      },
      not_found: {
        title: 'Il n’y a rien ici',
        text: 'L’adresse contient peut-être une erreur, ou le lien est trop ancien. Revenez à l’application et réessayez.',
      },
      too_many_requests: {
        title: 'Un instant, s’il vous plaît',
        text: 'Il y a eu trop de demandes en peu de temps. Patientez une minute, puis réessayez.',
      },
      server_error: {
        title: 'Un problème est survenu de notre côté',
        text: 'Vous n’y êtes pour rien. Revenez à l’application et réessayez dans un instant.',
      },
      forbidden_form: {
        title: 'Ce formulaire n’est plus valable',
        text: 'Pour votre sécurité, nous n’acceptons que les formulaires que nous vous avons présentés nous-mêmes. Revenez à l’application et recommencez.',
      },
    },
    forDevelopers: 'Pour les développeurs',
    code: 'Erreur',
    description: 'Ce qui s’est passé',
    clause: 'Règle',
    help: 'Que faire',
    requestId: 'Identifiant de la demande',
  },
  setup: {
    title: 'Créer le premier compte administrateur',
    text: (tenant) => `${tenant} est en service. Choisissez le compte qui en aura la charge.`,
    email: 'Adresse e-mail',
    password: 'Mot de passe',
    passwordHint:
      'Au moins 12 caractères. Quelques mots choisis au hasard sont faciles à retenir et difficiles à deviner.',
    passwordAgain: 'Confirmer le mot de passe',
    submit: 'Créer le compte administrateur',
    problems: {
      invalid_email: 'Ce n’est pas une adresse e-mail. Vérifiez-la et réessayez.',
      weak_password: 'Ce mot de passe est trop facile à deviner. Choisissez-en un plus long.',
      passwords_differ: 'Les deux mots de passe sont différents. Saisissez-les à nouveau.',
    },
  },
  device: {
    title: 'Connecter un appareil',
    text: 'Saisissez le code affiché par votre appareil.',
    code: 'Code de l’appareil',
    codeHint: 'Les majuscules, les tirets et les espaces n’ont pas d’importance.',
    submit: 'Continuer',
    shows: 'Votre appareil doit afficher ce code',
    warning:
      'Ne continuez que si vous avez lancé cette demande vous-même et si l’appareil est devant vous. Si quelqu’un vous a envoyé un lien ou un code, arrêtez-vous ici.',
    problems: {
      unknown_code: 'Ce code est inconnu ou n’est plus valable. Comparez-le avec celui de votre appareil.',
      too_many_attempts: 'Trop de tentatives. Attendez quelques minutes, puis réessayez.',
      expired_form: 'Cette page est restée ouverte trop longtemps. Veuillez saisir le code à nouveau.',
    },
  },
  home: {
    title: 'Ceci est un serveur de connexion',
    text: (tenant) =>
      `${tenant} l’utilise pour connecter les personnes à ses applications. Pour vous connecter, ouvrez l’application que vous souhaitez utiliser.`,
    applications: 'Voir quelles applications peuvent agir en votre nom',
    developers: 'Les développeurs trouvent tout dans',
  },
  unblock: {
    title: 'Rouvrir votre compte ?',
    text: 'Quelqu’un a essayé de se connecter à votre compte avec de mauvais mots de passe. Si c’était vous, vous pouvez réessayer tout de suite.',
    submit: 'Rouvrir mon compte',
  },
  logout: {
    title: 'Se déconnecter ?',
    text: (user) =>
      `Vous êtes connecté en tant que ${user}. La déconnexion met fin à votre session pour toutes les applications.`,
    submit: 'Se déconnecter',
    stay: 'Rester connecté',
  },
  loggedOut: {
    title: 'Vous êtes déconnecté',
    text: 'Vous pouvez fermer cette page.',
    goingOn: 'Dans un instant, vous reviendrez à l’application.',
    goOn: 'Retour à l’application',
  },
  applications: {
    title: 'Applications autorisées',
    text: 'Ces applications peuvent agir en votre nom ou savoir qui vous êtes. Retirez celles que vous n’utilisez plus.',
    none: 'Aucune application n’a accès à votre compte.',
    identity: 'Votre profil',
    allowedOn: (date) => `Autorisé le ${date}`,
    staysConnected: 'Reste connectée en votre absence',
    revoke: (application) => `Retirer l’accès de ${application}`,
    effect: (application) =>
      `${application} devra de nouveau vous demander avant d’obtenir quoi que ce soit.`,
    delay: (duration) =>
      `Avec une API qui ne nous interroge pas, les applications peuvent continuer jusqu’à ${duration}.`,
    confirm: 'Retirer l’accès',
    removed: (application) => `${application} n’a plus accès.`,
  },
  formPost: {
    title: 'Retour à l’application',
    text: 'Votre réponse est prête. Envoyez-la à l’application pour continuer.',
    submit: 'Continuer',
  },
  message: {
    setup_done: {
      title: 'Tout est prêt',
      text: 'Le compte administrateur a été créé. Décrivez maintenant votre première application dans un fichier de locataire et chargez-la avec la commande « valetkey apply tenant.yaml ».',
    },
    account_unblocked: {
      title: 'Votre compte est débloqué',
      text: 'Revenez à l’application et connectez-vous.',
    },
    setup_link_invalid: {
      title: 'Ce lien n’est plus valable',
      text: 'Il a déjà été utilisé, il est trop ancien ou un lien plus récent existe. S’il n’y a pas encore de compte administrateur, redémarrez le serveur pour obtenir un nouveau lien.',
    },
    link_invalid: {
      title: 'Ce lien n’est plus valable',
      text: 'Il a déjà été utilisé ou il est trop ancien. Revenez à l’application et demandez-en un nouveau.',
    },
    device_connected: {
      title: 'Votre appareil est connecté',
      text: 'Vous pouvez fermer cette page et continuer sur l’appareil.',
    },
    device_declined: {
      title: 'L’appareil n’a pas été connecté',
      text: 'Il n’obtient aucun accès. Vous pouvez fermer cette page.',
    },
    still_logged_in: {
      title: 'Vous êtes toujours connecté',
      text: 'Rien n’a changé. Vous pouvez fermer cette page.',
    },
  },
}

import type { Messages } from './messages.ts'

export const ja: Messages = {
  problem: 'エラー',
  needHelp: 'お困りですか？',
  contactSupport: 'サポートに問い合わせる',
  application: 'アプリケーション',
  opensInNewTab: '新しいタブで開きます',
  login: {
    title: (application) => `${application} を続けるにはログインしてください`,
    toAccount: 'アカウントにログイン',
    username: 'メールアドレスまたはユーザー名',
    password: 'パスワード',
    submit: 'ログイン',
    problems: {
      wrong_credentials:
        'ユーザー名またはパスワードが正しくありません。両方を確認して、もう一度お試しください。',
      too_many_attempts: '試行回数が多すぎます。数分待ってから、もう一度お試しください。',
      blocked:
        'このアカウントはロックされています。お知らせのメールが届いている場合は、メール内のリンクを開いてください。届いていない場合は、サポートにお問い合わせください。',
      missing_credentials: 'ユーザー名とパスワードを入力してください。',
      too_busy: '現在、多くの方がログインしています。数秒待ってから、もう一度お試しください。',
      expired_form: 'ページを開いてから時間が経ちすぎました。もう一度ログインしてください。',
    },
  },
  consent: {
    title: (application) => `${application} がアクセスの許可を求めています`,
    asksForApi: (application, api) => `${application} は、あなたに代わって ${api} を利用しようとしています。`,
    asksForIdentity: (application) => `${application} は、あなたがどなたかを確認しようとしています。`,
    firstParty: (tenant) => `${tenant} のアプリケーション`,
    thirdParty: (tenant) => `${tenant} が運営するものではありません`,
    loggedInAs: 'ログイン中のアカウント',
    notYou: '別のアカウントを使う',
    permissions: '許可する内容',
    choose: '許可しない項目のチェックを外してください。',
    required: '必須',
    sentTo: '回答の送信先',
    policy: 'プライバシーポリシー',
    terms: '利用規約',
    accept: '許可する',
    deny: '拒否する',
    scopes: {
      openid: '次回ログイン時にあなたを識別する',
      profile: '名前、写真などのプロフィール情報を見る',
      email: 'メールアドレスを見る',
      address: '住所を見る',
      phone: '電話番号を見る',
      offline_access: 'アプリケーションを使っていない間もアクセスを維持する',
    },
  },
  error: {
    kinds: {
      authorization_request: {
        title: 'このリクエストは受け付けられませんでした',
        text: 'アプリケーションから、処理できないリクエストが送られてきました。お客様の操作に問題はありません。アプリケーションに戻って、もう一度お試しください。繰り返し発生する場合は、アプリケーションの運営者にお知らせください。',
      },
      logout_request: {
        title: 'このログアウトは受け付けられませんでした',
        text: 'アプリケーションから送られたログアウトの要求に応答できません。アプリケーションに戻るか、このページを閉じてください。',
      },
      expired_transaction: {
        title: 'このページは有効期限が切れました',
        text: 'ページを開いてから時間が経ちすぎたか、すでに使用されています。アプリケーションに戻って、最初からやり直してください。',
      },
      not_found: {
        title: 'ページが見つかりません',
        text: 'アドレスに誤りがあるか、リンクが古い可能性があります。アプリケーションに戻って、もう一度お試しください。',
      },
      too_many_requests: {
        title: '少々お待ちください',
        text: '短時間に多くのリクエストがありました。1 分ほど待ってから、もう一度お試しください。',
      },
      server_error: {
        title: 'サーバー側で問題が発生しました',
        text: 'お客様の操作に問題はありません。アプリケーションに戻り、少し待ってからもう一度お試しください。',
      },
      forbidden_form: {
        title: 'このフォームは無効になりました',
        text: '安全のため、こちらで表示したフォームだけを受け付けています。アプリケーションに戻って、最初からやり直してください。',
      },
    },
    forDevelopers: '開発者の方へ',
    code: 'エラー',
    description: '発生した問題',
    clause: '規則',
    help: '対処方法',
    requestId: 'リクエスト ID',
  },
  setup: {
    title: '最初の管理者を作成',
    text: (tenant) => `${tenant} が起動しました。管理に使うアカウントを決めてください。`,
    email: 'メールアドレス',
    password: 'パスワード',
    passwordHint: '12 文字以上。無作為に選んだ単語をいくつか並べると、覚えやすく、推測されにくくなります。',
    passwordAgain: 'パスワード（確認）',
    submit: '管理者を作成',
    problems: {
      invalid_email: 'メールアドレスの形式が正しくありません。確認して、もう一度お試しください。',
      weak_password: 'このパスワードは推測されやすいため使えません。もっと長いものにしてください。',
      passwords_differ: '2 つのパスワードが一致しません。もう一度入力してください。',
    },
  },
  device: {
    title: 'デバイスを接続する',
    text: 'デバイスに表示されているコードを入力してください。',
    code: 'デバイスのコード',
    codeHint: '大文字と小文字、ハイフンや空白の有無は区別されません。',
    submit: '続ける',
    shows: 'デバイスに次のコードが表示されている必要があります',
    warning:
      'ご自身で開始し、デバイスが目の前にある場合にのみ続けてください。誰かからリンクやコードが送られてきた場合は、ここで中止してください。',
    problems: {
      unknown_code: 'このコードは不明か、有効期限が切れています。デバイスの表示と照らし合わせてください。',
      too_many_attempts: '試行回数が多すぎます。数分待ってから、もう一度お試しください。',
      expired_form: 'ページを開いたまま時間が経ちすぎました。もう一度コードを入力してください。',
    },
  },
  home: {
    title: 'ここはログインサーバーです',
    text: (tenant) =>
      `${tenant}のアプリケーションへのログインに使われています。ログインするには、利用したいアプリケーションを開いてください。`,
    applications: 'あなたの代わりに操作できるアプリケーションを確認する',
    developers: '開発者向けの情報はこちらにあります：',
  },
  unblock: {
    title: 'アカウントのロックを解除しますか？',
    text: '誰かが誤ったパスワードであなたのアカウントにログインしようとしました。ご自身の操作であれば、すぐにもう一度お試しいただけます。',
    submit: 'ロックを解除する',
  },
  logout: {
    title: 'ログアウトしますか？',
    text: (user) =>
      `${user} としてログインしています。ログアウトすると、すべてのアプリケーションでセッションが終了します。`,
    submit: 'ログアウト',
    stay: 'ログインしたままにする',
  },
  loggedOut: {
    title: 'ログアウトしました',
    text: 'このページを閉じてかまいません。',
    goingOn: 'まもなくアプリケーションに戻ります。',
    goOn: 'アプリケーションに戻る',
  },
  applications: {
    title: 'アクセスできるアプリ',
    text: '次のアプリは、あなたの代わりに操作したり、あなたが誰かを知ったりできます。使わなくなったものは削除してください。',
    none: 'あなたのアカウントにアクセスできるアプリはありません。',
    identity: 'あなたのプロフィール',
    allowedOn: (date) => `${date} に許可`,
    staysConnected: 'あなたがいない間も接続を保ちます',
    revoke: (application) => `${application} のアクセスを取り消す`,
    effect: (application) => `${application} が新たに何かを得るには、もう一度あなたの許可が必要です。`,
    delay: (duration) =>
      `当サーバーに問い合わせない API では、アプリが最長 ${duration} 動き続けることがあります。`,
    confirm: 'アクセスを取り消す',
    removed: (application) => `${application} はアクセスできなくなりました。`,
  },
  formPost: {
    title: 'アプリケーションに戻る',
    text: '応答の準備ができました。続けるには、アプリケーションに送信してください。',
    submit: '続ける',
  },
  message: {
    setup_done: {
      title: '準備ができました',
      text: '管理者を作成しました。次に、最初のアプリケーションをテナントファイルに記述し、コマンド「valetkey apply tenant.yaml」で取り込んでください。',
    },
    account_unblocked: {
      title: 'アカウントのロックを解除しました',
      text: 'アプリケーションに戻って、ログインしてください。',
    },
    setup_link_invalid: {
      title: 'このリンクは無効です',
      text: 'すでに使用されたか、古くなったか、新しいリンクが発行されています。管理者がまだいない場合は、サーバーを再起動すると新しいリンクが発行されます。',
    },
    link_invalid: {
      title: 'このリンクは無効です',
      text: 'すでに使用されたか、古くなっています。アプリケーションに戻って、新しいリンクを請求してください。',
    },
    device_connected: {
      title: 'デバイスが接続されました',
      text: 'このページを閉じて、デバイスで続けてください。',
    },
    device_declined: {
      title: 'デバイスは接続されませんでした',
      text: 'アクセスは許可されません。このページは閉じてかまいません。',
    },
    still_logged_in: {
      title: 'ログインしたままです',
      text: '何も変更されていません。このページは閉じてかまいません。',
    },
  },
}
